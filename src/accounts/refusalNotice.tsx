import { Notice } from '#src/look/page.tsx';

/** Why a form was not taken although nothing typed is wrong. Renders nothing when it was. */
export function RefusalNotice({
  waitSeconds,
  foreign,
}: {
  waitSeconds: number | null | undefined;
  foreign: boolean | undefined;
}) {
  if (waitSeconds) {
    const seconds = waitSeconds === 1 ? '1 second' : `${waitSeconds} seconds`;
    return (
      <Notice tone="warn" announce title="Too many tries from here">
        <p>Wait {seconds}, then try again. What you typed is kept, except the password.</p>
      </Notice>
    );
  }
  if (!foreign) return null;
  return (
    <Notice tone="bad" announce title="This form did not come from this site">
      <p>Nothing was done. Fill it in here and send it again.</p>
    </Notice>
  );
}

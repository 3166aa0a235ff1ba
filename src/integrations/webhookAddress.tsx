import { useState } from 'react';

/**
 * The address a provider sends events to. It carries a secret, so it is covered until asked for;
 * with a script it can be copied without being shown.
 */
export function WebhookAddress({ address, id }: { address: string; id: string }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const copy = () =>
    navigator.clipboard.writeText(address).then(
      () => setCopied('yes'),
      () => setCopied('failed'),
    );
  return (
    <div className="webhook cluster">
      <span className="muted">Webhook address</span>
      <button type="button" className="small-button script-only" onClick={copy}>
        {COPY_WORDS[copied]}
      </button>
      <details>
        <summary className="small">Show it</summary>
        <label className="hint" htmlFor={id}>
          Whoever knows it can make KiEX look for changes. Share it with the provider only.
        </label>
        <input id={id} className="code" readOnly value={address} />
      </details>
    </div>
  );
}

const COPY_WORDS = { no: 'Copy', yes: 'Copied', failed: 'Copy it from “Show it”' };

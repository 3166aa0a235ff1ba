CREATE TABLE "profile_parts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"student_id" text NOT NULL,
	"kind" text NOT NULL,
	"values" jsonb NOT NULL,
	"key" text NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"removed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE INDEX "profile_parts_student" ON "profile_parts" USING btree ("student_id","kind");--> statement-breakpoint
CREATE UNIQUE INDEX "profile_parts_once" ON "profile_parts" USING btree ("student_id","kind","key") WHERE "profile_parts"."removed_at" is null;
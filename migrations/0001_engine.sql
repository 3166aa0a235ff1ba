CREATE TABLE "quota_use" (
	"key" text NOT NULL,
	"minute" timestamp (3) with time zone NOT NULL,
	"lane" text NOT NULL,
	"calls" integer NOT NULL,
	"throttled" integer NOT NULL,
	CONSTRAINT "quota_use_key_minute_lane_pk" PRIMARY KEY("key","minute","lane")
);
--> statement-breakpoint
CREATE TABLE "closings" (
	"run_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"resource" text NOT NULL,
	"our_id" text NOT NULL,
	"their_id" text NOT NULL,
	"why" text NOT NULL,
	"confirmed" boolean NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "closings_run_id_our_id_pk" PRIMARY KEY("run_id","our_id")
);
--> statement-breakpoint
CREATE TABLE "conflicts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"resource" text NOT NULL,
	"our_id" text NOT NULL,
	"their_id" text NOT NULL,
	"field" text NOT NULL,
	"base" jsonb,
	"ours" jsonb NOT NULL,
	"theirs" jsonb NOT NULL,
	"winner" text,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"run_id" uuid,
	"found_at" timestamp (3) with time zone NOT NULL,
	"chosen" text,
	"chosen_by" text,
	"closed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "history" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"resource" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"our_id" text NOT NULL,
	"their_id" text,
	"run_id" uuid,
	"delivery_id" uuid,
	"door" text NOT NULL,
	"direction" text NOT NULL,
	"action" text NOT NULL,
	"fields" jsonb NOT NULL,
	"version" bigint NOT NULL,
	"undone_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "issues" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"resource" text,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"our_id" text,
	"their_id" text,
	"detail" text NOT NULL,
	"count" integer DEFAULT 1 NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"closed_reason" text,
	"closed_by" text
);
--> statement-breakpoint
CREATE TABLE "missed_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"resource" text NOT NULL,
	"event" text NOT NULL,
	"their_id" text NOT NULL,
	"found_at" timestamp (3) with time zone NOT NULL,
	"run_id" uuid,
	"arrived_at" timestamp (3) with time zone,
	"noted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "preview_records" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"our_id" text,
	"their_id" text,
	"here" text NOT NULL,
	"there" text NOT NULL,
	"to_us" jsonb NOT NULL,
	"to_them" jsonb NOT NULL,
	"conflicts" jsonb NOT NULL,
	"calls" integer NOT NULL,
	"state" text NOT NULL,
	"detail" text,
	CONSTRAINT "preview_records_record" UNIQUE NULLS NOT DISTINCT("run_id","our_id","their_id")
);
--> statement-breakpoint
ALTER TABLE "provider_quota" ADD COLUMN "reduced_pace" double precision;--> statement-breakpoint
ALTER TABLE "provider_quota" ADD COLUMN "reduced_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "checkpoints" ADD COLUMN "next_full_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "failures" ADD COLUMN "our_version" bigint;--> statement-breakpoint
ALTER TABLE "failures" ADD COLUMN "their_revision" text;--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "held" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "create_settles_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "mode" text DEFAULT 'carry out' NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "preview_id" uuid;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "settings" jsonb;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "shown" integer;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "fail_reasons" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "ours_seen" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "ours_created" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "ours_updated" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "ours_unchanged" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "ours_skipped" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "ours_failed" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "ours_skip_reasons" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "ours_fail_reasons" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "closings" ADD CONSTRAINT "closings_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "closings" ADD CONSTRAINT "closings_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conflicts" ADD CONSTRAINT "conflicts_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "history" ADD CONSTRAINT "history_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issues" ADD CONSTRAINT "issues_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "missed_events" ADD CONSTRAINT "missed_events_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "preview_records" ADD CONSTRAINT "preview_records_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "quota_use_old" ON "quota_use" USING btree ("minute");--> statement-breakpoint
CREATE INDEX "closings_answers" ON "closings" USING btree ("connection_id","resource");--> statement-breakpoint
CREATE UNIQUE INDEX "conflicts_open" ON "conflicts" USING btree ("connection_id","resource","our_id","field") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "conflicts_recent" ON "conflicts" USING btree ("found_at");--> statement-breakpoint
CREATE INDEX "conflicts_record" ON "conflicts" USING btree ("resource","our_id");--> statement-breakpoint
CREATE INDEX "history_record" ON "history" USING btree ("resource","our_id","at");--> statement-breakpoint
CREATE INDEX "history_run" ON "history" USING btree ("run_id") WHERE run_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "issues_open" ON "issues" USING btree ("connection_id","kind","key") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "issues_recent" ON "issues" USING btree ("last_at");--> statement-breakpoint
CREATE INDEX "missed_events_new" ON "missed_events" USING btree ("connection_id") WHERE noted_at is null;--> statement-breakpoint
CREATE INDEX "missed_events_recent" ON "missed_events" USING btree ("connection_id","event","found_at");--> statement-breakpoint
CREATE INDEX "missed_events_record" ON "missed_events" USING btree ("connection_id","resource","their_id");
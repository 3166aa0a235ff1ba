CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"impersonated_by" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sessions_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "sign_in_methods" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp (3) with time zone,
	"refresh_token_expires_at" timestamp (3) with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_throttle" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"count" integer NOT NULL,
	"last_request" bigint NOT NULL,
	CONSTRAINT "sign_in_throttle_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"role" text,
	"banned" boolean DEFAULT false,
	"ban_reason" text,
	"ban_expires" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "application_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"status" text NOT NULL,
	"stage_name" text,
	"by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "applications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"student_id" text NOT NULL,
	"job_id" uuid NOT NULL,
	"resume_id" uuid,
	"note" text,
	"status" text NOT NULL,
	"stage_name" text,
	"interview_at" timestamp (3) with time zone,
	"offer_at" timestamp (3) with time zone,
	"hired_at" timestamp (3) with time zone,
	"dropped_at" timestamp (3) with time zone,
	"version" bigint DEFAULT 1 NOT NULL,
	"submitted_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "applications_once" UNIQUE("student_id","job_id")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"organization_id" uuid,
	"title" text NOT NULL,
	"description_html" text DEFAULT '' NOT NULL,
	"employment_type" text,
	"address" text,
	"city" text,
	"state" text,
	"country" text,
	"zipcode" text,
	"remote" boolean,
	"pay_min" numeric,
	"pay_max" numeric,
	"pay_currency" text,
	"pay_period" text,
	"pay_visible" boolean DEFAULT false NOT NULL,
	"headcount" integer,
	"status" text NOT NULL,
	"published" boolean NOT NULL,
	"posted_at" timestamp (3) with time zone,
	"closes_at" timestamp (3) with time zone,
	"search_text" text DEFAULT '' NOT NULL,
	"search" "tsvector" GENERATED ALWAYS AS (to_tsvector('english', search_text)) STORED,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "jobs_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"website" text,
	"address" text,
	"description" text,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "organizations_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "file_links" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"storage_key" text NOT NULL,
	"file_name" text NOT NULL,
	"content_type" text NOT NULL,
	"purpose" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"fetched_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "provider_quota" (
	"key" text PRIMARY KEY NOT NULL,
	"calls_per_minute" double precision NOT NULL,
	"theoretical_arrival" timestamp (3) with time zone NOT NULL,
	"blocked_until" timestamp (3) with time zone,
	"calls" integer DEFAULT 0 NOT NULL,
	"throttled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "agreements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"student_id" text NOT NULL,
	"application_id" uuid,
	"organization_id" uuid,
	"provider" text NOT NULL,
	"categories" text[] NOT NULL,
	"text_version" text NOT NULL,
	"agreed_at" timestamp (3) with time zone NOT NULL,
	"withdrawn_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "resumes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"student_id" text NOT NULL,
	"file_name" text NOT NULL,
	"content_type" text NOT NULL,
	"bytes" integer NOT NULL,
	"sha256" text NOT NULL,
	"storage_key" text NOT NULL,
	"uploaded_at" timestamp (3) with time zone NOT NULL,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "resumes_once" UNIQUE("student_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "students" (
	"user_id" text PRIMARY KEY NOT NULL,
	"phone" text,
	"address" text,
	"territory" text,
	"about" text,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "activity" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"connection_id" uuid,
	"resource" text,
	"our_id" text,
	"their_id" text,
	"run_id" uuid,
	"delivery_id" uuid,
	"door" text NOT NULL,
	"direction" text NOT NULL,
	"action" text NOT NULL,
	"ok" boolean NOT NULL,
	"fields" text[] DEFAULT '{}' NOT NULL,
	"detail" text,
	"milliseconds" integer
);
--> statement-breakpoint
CREATE TABLE "checkpoints" (
	"connection_id" uuid NOT NULL,
	"resource" text NOT NULL,
	"cursor" text,
	"next_poll_at" timestamp (3) with time zone,
	"last_done_at" timestamp (3) with time zone,
	"last_full_at" timestamp (3) with time zone,
	CONSTRAINT "checkpoints_connection_id_resource_pk" PRIMARY KEY("connection_id","resource")
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"label" text NOT NULL,
	"organization_id" uuid,
	"state" text NOT NULL,
	"state_reason" text,
	"credentials" text NOT NULL,
	"key_last_four" text NOT NULL,
	"quota_key" text NOT NULL,
	"webhook_secret" text NOT NULL,
	"webhook_secret_hash" text NOT NULL,
	"settings" jsonb NOT NULL,
	"tested_at" timestamp (3) with time zone,
	"last_heard_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "connections_label_unique" UNIQUE("label"),
	CONSTRAINT "connections_webhookSecretHash_unique" UNIQUE("webhook_secret_hash")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"event" text NOT NULL,
	"body" text NOT NULL,
	"bytes" integer NOT NULL,
	"resource" text,
	"their_id" text,
	"state" text NOT NULL,
	"reason" text,
	"handled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "failures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"resource" text NOT NULL,
	"record_key" text NOT NULL,
	"our_id" text,
	"their_id" text,
	"run_id" uuid,
	"state" text NOT NULL,
	"kind" text NOT NULL,
	"step" text NOT NULL,
	"path" text,
	"detail" text NOT NULL,
	"status" integer,
	"request_id" text,
	"attempts" integer NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"next_try_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"closed_reason" text,
	CONSTRAINT "failures_record" UNIQUE("connection_id","resource","record_key")
);
--> statement-breakpoint
CREATE TABLE "links" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"resource" text NOT NULL,
	"our_id" text NOT NULL,
	"their_id" text,
	"base" jsonb,
	"their_revision" text,
	"agreed_version" bigint DEFAULT 0 NOT NULL,
	"create_intent" jsonb,
	"create_sent_at" timestamp (3) with time zone,
	"verify_at" timestamp (3) with time zone,
	"verify_attempts" integer DEFAULT 0 NOT NULL,
	"gone_at" timestamp (3) with time zone,
	"fence" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "links_ours" UNIQUE("connection_id","resource","our_id"),
	CONSTRAINT "links_theirs" UNIQUE("connection_id","resource","their_id")
);
--> statement-breakpoint
CREATE TABLE "run_seen" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"their_ids" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"resource" text NOT NULL,
	"kind" text NOT NULL,
	"trigger" text NOT NULL,
	"requested_by" text,
	"state" text NOT NULL,
	"checkpoint" jsonb,
	"expected" integer,
	"seen" integer DEFAULT 0 NOT NULL,
	"created" integer DEFAULT 0 NOT NULL,
	"updated" integer DEFAULT 0 NOT NULL,
	"unchanged" integer DEFAULT 0 NOT NULL,
	"skipped" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"skip_reasons" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"reason" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_try_at" timestamp (3) with time zone,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"progress_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_methods" ADD CONSTRAINT "sign_in_methods_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application_events" ADD CONSTRAINT "application_events_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "applications" ADD CONSTRAINT "applications_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "applications" ADD CONSTRAINT "applications_resume_id_resumes_id_fk" FOREIGN KEY ("resume_id") REFERENCES "public"."resumes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkpoints" ADD CONSTRAINT "checkpoints_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "failures" ADD CONSTRAINT "failures_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "links" ADD CONSTRAINT "links_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_seen" ADD CONSTRAINT "run_seen_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sign_in_methods_user" ON "sign_in_methods" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "verifications_identifier" ON "verifications" USING btree ("identifier");--> statement-breakpoint
CREATE INDEX "application_events_of" ON "application_events" USING btree ("application_id","at");--> statement-breakpoint
CREATE INDEX "applications_job" ON "applications" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "jobs_search" ON "jobs" USING gin ("search");--> statement-breakpoint
CREATE INDEX "jobs_board" ON "jobs" USING btree ("posted_at") WHERE status = 'open' and published;--> statement-breakpoint
CREATE INDEX "jobs_organization" ON "jobs" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "agreements_student" ON "agreements" USING btree ("student_id");--> statement-breakpoint
CREATE INDEX "activity_recent" ON "activity" USING btree ("at");--> statement-breakpoint
CREATE INDEX "activity_record" ON "activity" USING btree ("resource","our_id");--> statement-breakpoint
CREATE INDEX "deliveries_recent" ON "deliveries" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "deliveries" USING btree ("received_at") WHERE state = 'stored';--> statement-breakpoint
CREATE INDEX "failures_due" ON "failures" USING btree ("next_try_at") WHERE state = 'retrying';--> statement-breakpoint
CREATE INDEX "links_verify" ON "links" USING btree ("verify_at") WHERE verify_at is not null;--> statement-breakpoint
CREATE INDEX "runs_recent" ON "runs" USING btree ("requested_at");--> statement-breakpoint
CREATE INDEX "runs_open" ON "runs" USING btree ("state") WHERE state in ('waiting', 'running');
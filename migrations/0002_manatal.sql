CREATE TABLE "application_resumes" (
	"application_id" uuid NOT NULL,
	"resume_id" uuid NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "application_resumes_application_id_resume_id_pk" PRIMARY KEY("application_id","resume_id")
);
--> statement-breakpoint
CREATE TABLE "suggestions" (
	"connection_id" uuid NOT NULL,
	"student_id" text NOT NULL,
	"field" text NOT NULL,
	"value" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "suggestions_connection_id_student_id_field_pk" PRIMARY KEY("connection_id","student_id","field")
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"user_id" text NOT NULL,
	"organization_id" uuid NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "memberships_user_id_organization_id_pk" PRIMARY KEY("user_id","organization_id")
);
--> statement-breakpoint
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
CREATE TABLE "public_applicants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"job_id" uuid NOT NULL,
	"candidate_id" text,
	"added_by_staff" boolean,
	"applied_at" timestamp (3) with time zone,
	"active" boolean,
	"stage_id" text,
	"stage_name" text,
	"presented_at" timestamp (3) with time zone,
	"interview_at" timestamp (3) with time zone,
	"offer_at" timestamp (3) with time zone,
	"hired_at" timestamp (3) with time zone,
	"dropped_at" timestamp (3) with time zone,
	"gone_at" timestamp (3) with time zone,
	"version" bigint DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "jobs_board";--> statement-breakpoint
ALTER TABLE "application_events" ADD COLUMN "interview_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "application_events" ADD COLUMN "offer_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "application_events" ADD COLUMN "way" text;--> statement-breakpoint
ALTER TABLE "application_events" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "answers" jsonb;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "active" boolean;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "stage_id" text;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "presented_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "withdrawn_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "applied_again_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "connection_id" uuid;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "published_here" boolean;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "shown" boolean GENERATED ALWAYS AS (coalesce(published_here, published)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "custom_fields" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "aside_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "former_secret_hash" text;--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "sent" jsonb;--> statement-breakpoint
ALTER TABLE "application_resumes" ADD CONSTRAINT "application_resumes_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application_resumes" ADD CONSTRAINT "application_resumes_resume_id_resumes_id_fk" FOREIGN KEY ("resume_id") REFERENCES "public"."resumes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suggestions" ADD CONSTRAINT "suggestions_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "public_applicants" ADD CONSTRAINT "public_applicants_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "public_applicants" ADD CONSTRAINT "public_applicants_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "suggestions_student" ON "suggestions" USING btree ("student_id");--> statement-breakpoint
CREATE INDEX "memberships_organization" ON "memberships" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "profile_parts_student" ON "profile_parts" USING btree ("student_id","kind");--> statement-breakpoint
CREATE UNIQUE INDEX "profile_parts_once" ON "profile_parts" USING btree ("student_id","kind","key") WHERE "profile_parts"."removed_at" is null;--> statement-breakpoint
CREATE INDEX "public_applicants_job" ON "public_applicants" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "public_applicants_connection" ON "public_applicants" USING btree ("connection_id");--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "jobs_connection" ON "jobs" USING btree ("connection_id") WHERE connection_id is not null;--> statement-breakpoint
CREATE INDEX "deliveries_heard" ON "deliveries" USING btree ("connection_id","event","received_at");--> statement-breakpoint
CREATE INDEX "jobs_board" ON "jobs" USING btree ("posted_at") WHERE status = 'open' and shown;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_formerSecretHash_unique" UNIQUE("former_secret_hash");
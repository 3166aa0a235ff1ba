CREATE TABLE "application_resumes" (
	"application_id" uuid NOT NULL,
	"resume_id" uuid NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "application_resumes_application_id_resume_id_pk" PRIMARY KEY("application_id","resume_id")
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
ALTER TABLE "application_resumes" ADD CONSTRAINT "application_resumes_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application_resumes" ADD CONSTRAINT "application_resumes_resume_id_resumes_id_fk" FOREIGN KEY ("resume_id") REFERENCES "public"."resumes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "profile_parts_student" ON "profile_parts" USING btree ("student_id","kind");--> statement-breakpoint
CREATE UNIQUE INDEX "profile_parts_once" ON "profile_parts" USING btree ("student_id","kind","key") WHERE "profile_parts"."removed_at" is null;
CREATE TABLE "contacts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"student_id" text,
	"taken" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"first_name" text,
	"last_name" text,
	"email" text,
	"phone" text,
	"company" text,
	"job_title" text,
	"birthdate" text,
	"locale" text,
	"address_line" text,
	"address_line2" text,
	"city" text,
	"subdivision" text,
	"country" text,
	"postal_code" text,
	"other_emails" jsonb,
	"other_phones" jsonb,
	"other_addresses" jsonb,
	"labels" jsonb,
	"subscription" text,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "contacts_studentId_unique" UNIQUE("student_id")
);
--> statement-breakpoint
CREATE INDEX "contacts_email" ON "contacts" USING btree ("email");--> statement-breakpoint
CREATE INDEX "contacts_phone" ON "contacts" USING btree ("phone");--> statement-breakpoint
CREATE INDEX "contacts_name" ON "contacts" USING btree ("last_name","first_name");
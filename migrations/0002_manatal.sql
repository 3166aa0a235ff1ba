ALTER TABLE "application_events" ADD COLUMN "interview_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "application_events" ADD COLUMN "offer_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "application_events" ADD COLUMN "way" text;--> statement-breakpoint
ALTER TABLE "application_events" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "active" boolean;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "stage_id" text;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "presented_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "withdrawn_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "applied_again_at" timestamp (3) with time zone;
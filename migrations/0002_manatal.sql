DROP INDEX "jobs_board";--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "connection_id" uuid;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "published_here" boolean;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "shown" boolean GENERATED ALWAYS AS (coalesce(published_here, published)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "custom_fields" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "jobs_connection" ON "jobs" USING btree ("connection_id") WHERE connection_id is not null;--> statement-breakpoint
CREATE INDEX "jobs_board" ON "jobs" USING btree ("posted_at") WHERE status = 'open' and shown;
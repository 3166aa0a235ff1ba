ALTER TABLE "jobs" ADD COLUMN "aside_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "former_secret_hash" text;--> statement-breakpoint
CREATE INDEX "deliveries_heard" ON "deliveries" USING btree ("connection_id","event","received_at");--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_formerSecretHash_unique" UNIQUE("former_secret_hash");
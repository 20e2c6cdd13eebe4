ALTER TABLE "sampled_server" DROP CONSTRAINT "sampled_server_server_id_unique";--> statement-breakpoint
ALTER TABLE "sampled_server" ADD COLUMN "current" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "sampled_server" ADD COLUMN "system_identifier" text;--> statement-breakpoint
ALTER TABLE "sampled_server" ADD COLUMN "timeline" integer;--> statement-breakpoint
ALTER TABLE "sampled_server" ADD COLUMN "in_recovery" boolean;--> statement-breakpoint
ALTER TABLE "sampled_server" ADD COLUMN "version" text;--> statement-breakpoint
ALTER TABLE "health_check" ADD COLUMN "system_identifier" text;--> statement-breakpoint
ALTER TABLE "index_measurement" ADD COLUMN "system_identifier" text;--> statement-breakpoint
CREATE UNIQUE INDEX "sampled_server_current" ON "sampled_server" USING btree ("server_id") WHERE current;--> statement-breakpoint
ALTER TABLE "sampled_server" ADD CONSTRAINT "sampled_server_cluster" UNIQUE("server_id","system_identifier");
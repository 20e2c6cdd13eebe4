ALTER TABLE "run" ADD COLUMN "system_identifier" text;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "timeline" integer;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "system_identifier" text;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "timeline" integer;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "other_identifier" text;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "other_since" timestamp with time zone;
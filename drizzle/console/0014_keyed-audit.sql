ALTER TABLE "audit" ADD COLUMN "mac" text;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "mac_key" text;
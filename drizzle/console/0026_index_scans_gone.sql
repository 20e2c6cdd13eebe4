ALTER TABLE "seen_index" ADD COLUMN "relid" bigint;--> statement-breakpoint
ALTER TABLE "seen_index" ADD COLUMN "scanned" boolean DEFAULT false NOT NULL;
ALTER TABLE "run" ADD COLUMN "on_standby" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "standby_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "unknown_since" timestamp with time zone;
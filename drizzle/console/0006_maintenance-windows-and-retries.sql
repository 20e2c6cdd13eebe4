CREATE TABLE "maintenance_window" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"server_id" text NOT NULL,
	"name" text NOT NULL,
	"cron" text NOT NULL,
	"time_zone" text NOT NULL,
	"minutes" integer NOT NULL,
	"removed_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "give_up_minutes" integer DEFAULT 30 NOT NULL;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "window_id" uuid;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "retry" jsonb;--> statement-breakpoint
ALTER TABLE "maintenance_window" ADD CONSTRAINT "maintenance_window_server_id_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."server"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "maintenance_window_of" ON "maintenance_window" USING btree ("server_id");--> statement-breakpoint
ALTER TABLE "run" ADD CONSTRAINT "run_window_id_maintenance_window_id_fk" FOREIGN KEY ("window_id") REFERENCES "public"."maintenance_window"("id") ON DELETE no action ON UPDATE no action;
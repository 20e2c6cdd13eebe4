CREATE TABLE "maintenance_policy" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"server_id" text NOT NULL,
	"database" text NOT NULL,
	"window_id" uuid NOT NULL,
	"rule" jsonb NOT NULL,
	"system_identifier" text NOT NULL,
	"confirmed_by" text NOT NULL,
	"confirmed_at" timestamp with time zone NOT NULL,
	"paused_at" timestamp with time zone,
	"paused_by" text,
	"pause_reason" text,
	"removed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "policy_night" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "policy_night_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"policy_id" uuid NOT NULL,
	"opens_at" timestamp with time zone NOT NULL,
	"closes_at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"rule" jsonb NOT NULL,
	"confirmed_by" text NOT NULL,
	"confirmed_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"reason" text,
	"left" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "night_id" bigint;--> statement-breakpoint
ALTER TABLE "maintenance_policy" ADD CONSTRAINT "maintenance_policy_server_id_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."server"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "maintenance_policy" ADD CONSTRAINT "maintenance_policy_window_id_maintenance_window_id_fk" FOREIGN KEY ("window_id") REFERENCES "public"."maintenance_window"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_night" ADD CONSTRAINT "policy_night_policy_id_maintenance_policy_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."maintenance_policy"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "maintenance_policy_of" ON "maintenance_policy" USING btree ("server_id","database");--> statement-breakpoint
CREATE UNIQUE INDEX "policy_night_opening" ON "policy_night" USING btree ("policy_id","opens_at");--> statement-breakpoint
ALTER TABLE "run" ADD CONSTRAINT "run_night_id_policy_night_id_fk" FOREIGN KEY ("night_id") REFERENCES "public"."policy_night"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "run_by_night" ON "run" USING btree ("night_id");
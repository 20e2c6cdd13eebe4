CREATE TABLE "check_ask" (
	"server_id" text NOT NULL,
	"database" text DEFAULT '' NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"all_checks" boolean NOT NULL,
	CONSTRAINT "check_ask_server_id_database_pk" PRIMARY KEY("server_id","database")
);
--> statement-breakpoint
CREATE TABLE "check_hold" (
	"server_id" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "check_look" (
	"server_id" text NOT NULL,
	"cluster" text DEFAULT '' NOT NULL,
	"database" text DEFAULT '' NOT NULL,
	"check_name" text NOT NULL,
	"tried_at" timestamp with time zone NOT NULL,
	"looked_at" timestamp with time zone,
	"duration" real NOT NULL,
	"total" integer NOT NULL,
	"problem" jsonb,
	CONSTRAINT "check_look_server_id_cluster_database_check_name_pk" PRIMARY KEY("server_id","cluster","database","check_name")
);
--> statement-breakpoint
CREATE TABLE "finding" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "finding_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"server_id" text NOT NULL,
	"cluster" text DEFAULT '' NOT NULL,
	"database" text DEFAULT '' NOT NULL,
	"check_name" text NOT NULL,
	"subject" text NOT NULL,
	"found" jsonb NOT NULL,
	"severity" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"times" integer DEFAULT 1 NOT NULL,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" text,
	"acknowledged_note" text,
	"snoozed_at" timestamp with time zone,
	"snoozed_by" text,
	"snoozed_until" timestamp with time zone,
	"snooze_reason" text,
	"ended_at" timestamp with time zone,
	"last_seen_at" timestamp with time zone,
	"ended_run" bigint,
	"ended_by" text
);
--> statement-breakpoint
ALTER TABLE "check_ask" ADD CONSTRAINT "check_ask_server_id_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."server"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "check_hold" ADD CONSTRAINT "check_hold_server_id_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."server"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "check_look" ADD CONSTRAINT "check_look_server_id_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."server"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finding" ADD CONSTRAINT "finding_server_id_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."server"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "finding_open" ON "finding" USING btree ("server_id","cluster","database","check_name","subject") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "finding_ended" ON "finding" USING btree ("server_id","cluster","database","ended_at");
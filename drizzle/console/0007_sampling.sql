CREATE TABLE "rolled_up" (
	"server" smallint NOT NULL,
	"series" text NOT NULL,
	"step" integer NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "rolled_up_server_series_step_pk" PRIMARY KEY("server","series","step")
);
--> statement-breakpoint
CREATE TABLE "sampled_database" (
	"server" smallint NOT NULL,
	"datid" bigint NOT NULL,
	"datname" text NOT NULL,
	CONSTRAINT "sampled_database_server_datid_pk" PRIMARY KEY("server","datid")
);
--> statement-breakpoint
CREATE TABLE "sampled_server" (
	"no" smallint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sampled_server_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 32767 START WITH 1 CACHE 1),
	"server_id" text NOT NULL,
	"seen_at" timestamp with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"failing_since" timestamp with time zone,
	"retry_at" timestamp with time zone,
	"problem" jsonb,
	"postmaster_start" timestamp with time zone,
	CONSTRAINT "sampled_server_server_id_unique" UNIQUE("server_id")
);
--> statement-breakpoint
CREATE TABLE "sampling_turn" (
	"server" smallint NOT NULL,
	"task" text NOT NULL,
	"database" text DEFAULT '' NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"duration" real NOT NULL,
	"problem" jsonb,
	CONSTRAINT "sampling_turn_server_task_database_pk" PRIMARY KEY("server","task","database")
);
--> statement-breakpoint
CREATE TABLE "server_event" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "server_event_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"server" smallint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"database" text DEFAULT '' NOT NULL,
	"detail" text,
	CONSTRAINT "server_event_once" UNIQUE("server","kind","database","at")
);
--> statement-breakpoint
CREATE TABLE "setting_change" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "setting_change_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"server" smallint NOT NULL,
	"name" text NOT NULL,
	"old" text,
	"new" text,
	"unit" text,
	"old_source" text,
	"new_source" text,
	"after" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "setting_seen" (
	"server" smallint NOT NULL,
	"name" text NOT NULL,
	"value" text,
	"unit" text,
	"source" text NOT NULL,
	"place" text,
	"pending_restart" boolean NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "setting_seen_server_name_pk" PRIMARY KEY("server","name")
);
--> statement-breakpoint
CREATE TABLE "statement" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "statement_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"server" smallint NOT NULL,
	"queryid" bigint NOT NULL,
	"userid" bigint NOT NULL,
	"dbid" bigint NOT NULL,
	"toplevel" boolean NOT NULL,
	"rolname" text NOT NULL,
	"datname" text,
	"own" boolean DEFAULT false NOT NULL,
	"first_seen" timestamp with time zone NOT NULL,
	CONSTRAINT "statement_key" UNIQUE("server","queryid","userid","dbid","toplevel")
);
--> statement-breakpoint
CREATE TABLE "statement_application" (
	"server" smallint NOT NULL,
	"queryid" bigint NOT NULL,
	"dbid" bigint NOT NULL,
	"application_name" text NOT NULL,
	"seen" integer NOT NULL,
	"last_seen" timestamp with time zone NOT NULL,
	CONSTRAINT "statement_application_server_queryid_dbid_application_name_pk" PRIMARY KEY("server","queryid","dbid","application_name")
);
--> statement-breakpoint
CREATE TABLE "statement_example" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "statement_example_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"server" smallint NOT NULL,
	"queryid" bigint NOT NULL,
	"dbid" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"query" text NOT NULL,
	"running" real NOT NULL,
	"application_name" text NOT NULL,
	"rolname" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "statement_text" (
	"server" smallint NOT NULL,
	"queryid" bigint NOT NULL,
	"dbid" bigint NOT NULL,
	"query" text NOT NULL,
	"cut" boolean NOT NULL,
	"own" boolean NOT NULL,
	CONSTRAINT "statement_text_server_queryid_dbid_pk" PRIMARY KEY("server","queryid","dbid")
);
--> statement-breakpoint
CREATE TABLE "wait_event" (
	"id" smallint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "wait_event_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 32767 START WITH 1 CACHE 1),
	"type" text NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "wait_event_name" UNIQUE("type","name")
);
--> statement-breakpoint
CREATE TABLE "xmin_holder" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "xmin_holder_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"server" smallint NOT NULL,
	"kind" text NOT NULL,
	"identity" text NOT NULL,
	"detail" jsonb NOT NULL,
	"since" timestamp with time zone,
	"first_seen" timestamp with time zone NOT NULL,
	"last_seen" timestamp with time zone NOT NULL,
	"age" bigint NOT NULL,
	CONSTRAINT "xmin_holder_once" UNIQUE("server","kind","identity","first_seen")
);
--> statement-breakpoint
ALTER TABLE "rolled_up" ADD CONSTRAINT "rolled_up_server_sampled_server_no_fk" FOREIGN KEY ("server") REFERENCES "public"."sampled_server"("no") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sampled_database" ADD CONSTRAINT "sampled_database_server_sampled_server_no_fk" FOREIGN KEY ("server") REFERENCES "public"."sampled_server"("no") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sampled_server" ADD CONSTRAINT "sampled_server_server_id_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."server"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sampling_turn" ADD CONSTRAINT "sampling_turn_server_sampled_server_no_fk" FOREIGN KEY ("server") REFERENCES "public"."sampled_server"("no") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_event" ADD CONSTRAINT "server_event_server_sampled_server_no_fk" FOREIGN KEY ("server") REFERENCES "public"."sampled_server"("no") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "setting_change" ADD CONSTRAINT "setting_change_server_sampled_server_no_fk" FOREIGN KEY ("server") REFERENCES "public"."sampled_server"("no") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "setting_seen" ADD CONSTRAINT "setting_seen_server_sampled_server_no_fk" FOREIGN KEY ("server") REFERENCES "public"."sampled_server"("no") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement" ADD CONSTRAINT "statement_server_sampled_server_no_fk" FOREIGN KEY ("server") REFERENCES "public"."sampled_server"("no") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_application" ADD CONSTRAINT "statement_application_server_sampled_server_no_fk" FOREIGN KEY ("server") REFERENCES "public"."sampled_server"("no") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_example" ADD CONSTRAINT "statement_example_server_sampled_server_no_fk" FOREIGN KEY ("server") REFERENCES "public"."sampled_server"("no") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_text" ADD CONSTRAINT "statement_text_server_sampled_server_no_fk" FOREIGN KEY ("server") REFERENCES "public"."sampled_server"("no") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "xmin_holder" ADD CONSTRAINT "xmin_holder_server_sampled_server_no_fk" FOREIGN KEY ("server") REFERENCES "public"."sampled_server"("no") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "setting_change_of" ON "setting_change" USING btree ("server","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "statement_example_of" ON "statement_example" USING btree ("server","queryid","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "xmin_holder_of" ON "xmin_holder" USING btree ("server","last_seen" DESC NULLS LAST);
CREATE TABLE "guide_run" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "guide_run_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"server_id" text NOT NULL,
	"cluster" text NOT NULL,
	"database" text NOT NULL,
	"schemaname" text NOT NULL,
	"query" text NOT NULL,
	"form" text NOT NULL,
	"scope" text NOT NULL,
	"chosen" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"by" text NOT NULL,
	"execution_ms" real,
	"queryid" bigint,
	"table_rows" jsonb NOT NULL,
	"outcome" jsonb
);
--> statement-breakpoint
ALTER TABLE "guide_run" ADD CONSTRAINT "guide_run_server_id_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."server"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "guide_run_of" ON "guide_run" USING btree ("server_id","cluster","database","schemaname","query","id" DESC NULLS LAST);
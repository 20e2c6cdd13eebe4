CREATE TABLE "seen_index" (
	"server" smallint NOT NULL,
	"datid" bigint NOT NULL,
	"indexrelid" bigint NOT NULL,
	"first_seen" timestamp with time zone NOT NULL,
	CONSTRAINT "seen_index_server_datid_indexrelid_pk" PRIMARY KEY("server","datid","indexrelid")
);
--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "unused_after_days" integer DEFAULT 35 NOT NULL;--> statement-breakpoint
ALTER TABLE "seen_index" ADD CONSTRAINT "seen_index_server_sampled_server_no_fk" FOREIGN KEY ("server") REFERENCES "public"."sampled_server"("no") ON DELETE cascade ON UPDATE no action;
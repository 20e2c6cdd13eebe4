CREATE TABLE "index_name" (
	"server" smallint NOT NULL,
	"datid" bigint NOT NULL,
	"indexrelid" bigint NOT NULL,
	"schemaname" text NOT NULL,
	"relname" text NOT NULL,
	"last_seen" timestamp with time zone NOT NULL,
	CONSTRAINT "index_name_server_datid_indexrelid_pk" PRIMARY KEY("server","datid","indexrelid")
);
--> statement-breakpoint
ALTER TABLE "index_name" ADD CONSTRAINT "index_name_server_sampled_server_no_fk" FOREIGN KEY ("server") REFERENCES "public"."sampled_server"("no") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "index_name_of" ON "index_name" USING btree ("server","datid","relname");
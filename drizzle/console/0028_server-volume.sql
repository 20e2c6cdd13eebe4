CREATE TABLE "server_volume" (
	"server_id" text PRIMARY KEY NOT NULL,
	"bytes" bigint NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "server_volume" ADD CONSTRAINT "server_volume_server_id_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."server"("id") ON DELETE cascade ON UPDATE no action;
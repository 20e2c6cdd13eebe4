CREATE TABLE "server_profile" (
	"server_id" text PRIMARY KEY NOT NULL,
	"profile" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "server_profile" ADD CONSTRAINT "server_profile_server_id_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."server"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "server" ADD COLUMN "host" text;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "port" integer;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "username" text;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "sealed_password" text;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "sslmode" text;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "sslrootcert" text;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "read_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "changed_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "removed_at" timestamp with time zone;
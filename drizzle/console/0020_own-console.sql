CREATE TABLE "console" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"id" text DEFAULT substr(replace(gen_random_uuid()::text, '-', ''), 1, 12) NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL,
	"place" jsonb,
	"doubt" jsonb,
	CONSTRAINT "console_one" CHECK ("console"."one")
);

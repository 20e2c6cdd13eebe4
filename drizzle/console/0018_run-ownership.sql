CREATE TABLE "worker" (
	"id" text PRIMARY KEY NOT NULL,
	"beat" bigint DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "owner" text;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "taken" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "written" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "confirmation" text;--> statement-breakpoint
CREATE INDEX "run_by_confirmation" ON "run" USING btree ("confirmation");
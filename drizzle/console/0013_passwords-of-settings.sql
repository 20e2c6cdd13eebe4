-- primary_conninfo and commands may hold a password, which is no longer kept: what was kept is looked at anew, as if for the first time.
DELETE FROM setting_change WHERE old ~* 'password|://[^/]*@' OR new ~* 'password|://[^/]*@';
--> statement-breakpoint
DELETE FROM setting_seen WHERE value ~* 'password|://[^/]*@';

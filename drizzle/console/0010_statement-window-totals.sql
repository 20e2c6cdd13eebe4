-- What the statements of others than Proctor took in the window: the total of a chart, of which the top statements are shown.
ALTER TABLE statement_window ADD COLUMN total_exec_time float8, ADD COLUMN calls int8;

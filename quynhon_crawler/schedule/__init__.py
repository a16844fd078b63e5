"""The timetable: what is due, and what has it done by the clock (systemd, else cron).

What was done last is read from the table ``crawls``, which a rebuild makes again from the WARC files: no
other file has to survive for the timetable to go on.
"""

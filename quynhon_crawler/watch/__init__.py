"""How an archive fares that nobody looks at: status, report, alarms, figures for Prometheus."""

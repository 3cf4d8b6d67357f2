"""Documents to take away: a plain structure of tables and charts, written as XLSX, PDF, PNG or CSV.

A page hands over a `Document`; `answers.file_answer` makes the file. Nothing here knows a KPI: what stands in a cell,
which currency and which reason for a hole, is decided by whoever builds the document.
"""

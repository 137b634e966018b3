-- The ministry: the cut-off is now.
UPDATE bekasi.edisi SET cut_off_at = clock_timestamp() WHERE name = :'edition';
UPDATE bekasi.edisi SET state = 'cut_off' WHERE name = :'edition';

/** Functions log one line each; a simulation runs thousands. To be imported before them: their logger reads it once. */
process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';

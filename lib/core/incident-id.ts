const ID = /^(.+)-\d{8}T\d{6}-[0-9a-f]{8}$/;

/** The service in `<service>-<yyyymmddThhmmss>-<8 hex>`; nothing where it is no incident's id. */
export const serviceOfIncident = (id: string): string | undefined => ID.exec(id)?.[1];

/** The reports bucket. Names carry incident and fence, so that a late writer cannot overwrite its successor. */
export interface ReportStore {
  /** @returns where it can be found, such as `s3://bucket/name`. */
  put(name: string, body: string, contentType: string): Promise<string>;
}

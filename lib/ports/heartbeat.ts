/** The sweeper's sign of life; its alarm treats missing as breaching. */
export interface Heartbeat {
  beat(): Promise<void>;
}

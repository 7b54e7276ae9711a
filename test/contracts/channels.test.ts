import { someChannels } from '../adapters/notify/channels.ts';
import { describeNotifier } from './small-ports.ts';

describeNotifier('SNS and Slack', async () => {
  const { notifier, entries, slack } = await someChannels();
  const breakOne = async () =>
    void slack.broken.push({ status: 200, body: { ok: false, error: 'is_archived' } });
  return { notifier, own: entries.slack, breakOne };
});

describeNotifier('SNS and PagerDuty', async () => {
  const { notifier, entries, pagerDuty } = await someChannels();
  const breakOne = async () => void pagerDuty.broken.push({ status: 400, body: { status: 'invalid event' } });
  return { notifier, own: entries.pagerDuty, breakOne };
});

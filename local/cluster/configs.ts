/** The configuration files of the servers; each function writes one and returns its path. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stringify } from 'yaml';
import { PAUSE_IMAGE } from './image.ts';
import { pkiFile } from './pki.ts';
import { cgroupOf, inFolder, nodeAddress, type Place, podRange } from './place.ts';

/** Containers under overlayfs and runc; no registry is ever asked. */
export const containerdConfig = (place: Place, metrics: string): string =>
  written(
    inFolder(place, 'config', 'containerd.toml'),
    `version = 2
root = "${inFolder(place, 'containerd')}"
state = "/run/containerd/state"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]
[grpc]
  address = "/run/containerd/containerd.sock"
[metrics]
  address = "${metrics}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  disable_tcp_service = true
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${inFolder(place, 'config', 'cni')}"
`,
  );

/** Pods on one bridge, with addresses that this machine has a route to. */
export const networkConfig = (place: Place): string =>
  written(
    inFolder(place, 'config', 'cni', '10-pods.conflist'),
    JSON.stringify({
      cniVersion: '0.4.0',
      name: 'pods',
      plugins: [
        {
          type: 'bridge',
          bridge: 'pods0',
          isGateway: true,
          ipMasq: false,
          hairpinMode: true,
          ipam: {
            type: 'host-local',
            dataDir: inFolder(place, 'addresses'),
            ranges: [[{ subnet: podRange(place) }]],
            routes: [{ dst: '0.0.0.0/0' }],
          },
        },
      ],
    }),
  );

/** Callers are checked by certificate and by RBAC, as in a real cluster. */
export const kubeletConfig = (place: Place): string =>
  written(
    inFolder(place, 'config', 'kubelet.yaml'),
    stringify({
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      failCgroupV1: false,
      cgroupDriver: 'cgroupfs',
      cgroupRoot: `/${cgroupOf(place)}`,
      containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
      enforceNodeAllocatable: [],
      failSwapOn: false,
      resolvConf: '',
      address: nodeAddress(place),
      healthzBindAddress: nodeAddress(place),
      podLogsDir: inFolder(place, 'pod-logs'),
      authentication: {
        anonymous: { enabled: false },
        webhook: { enabled: true },
        x509: { clientCAFile: pkiFile(place, 'ca.crt') },
      },
      authorization: { mode: 'Webhook' },
      evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
      imageGCHighThresholdPercent: 100,
      imageMinimumGCAge: '100h',
      clusterDomain: 'cluster.local',
      volumePluginDir: inFolder(place, 'kubelet', 'volume-plugins'),
    }),
  );

/** One entry point for requests, one for its own ping and metrics. A change of weights is seen within 50 ms. */
export const traefikConfig = (place: Place): string =>
  written(
    inFolder(place, 'config', 'traefik.yaml'),
    stringify({
      global: { checkNewVersion: false, sendAnonymousUsage: false },
      entryPoints: {
        web: { address: `${nodeAddress(place)}:8000` },
        metrics: { address: `${nodeAddress(place)}:8082` },
      },
      ping: { entryPoint: 'metrics' },
      metrics: { prometheus: { entryPoint: 'metrics', addServicesLabels: true, buckets: [0.01, 0.1, 1] } },
      providers: { providersThrottleDuration: '50ms', kubernetesCRD: { allowEmptyServices: true } },
      log: { level: 'INFO' },
    }),
  );

function written(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

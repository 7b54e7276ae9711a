import { KubectlV35Layer } from '@aws-cdk/lambda-layer-kubectl-v35';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Environment } from '../core/environment.ts';
import type { StageFunctionProps } from './stage-function.ts';

/** Where the layer has Helm. */
export const HELM_IN_LAYER = '/opt/helm/helm';

/**
 * What runs Helm. The binary is the one of AWS's own layer, which is for x86-64 alone: so is this function, and no
 * other. The layer takes 124 of the 250 MB that a function may have unpacked; what Helm writes is a kubeconfig and its
 * caches, so 512 MB of storage are enough.
 */
export const helmRuntime = (scope: Construct, environment: Environment): HelmRuntime => ({
  architecture: lambda.Architecture.X86_64,
  memorySize: HELM_MEMORY_MIB,
  layers: needsLayer(environment) ? [new KubectlV35Layer(scope, 'HelmLayer')] : [],
});

type HelmRuntime = Required<Pick<StageFunctionProps<'apply-helm'>, 'architecture' | 'memorySize' | 'layers'>>;

/**
 * For its share of a CPU, 0.6: a rollback takes 0.3 to 0.5 s then, and with half of it 0.55. In memory Helm takes 57 to
 * 70 MB at its peak, and Node beside it 75.
 */
const HELM_MEMORY_MIB = 1024;

/** Without a cluster there is nothing to roll back, and 37 MB less to upload. A local AWS mounts no layers. */
const needsLayer = ({ clusters = {}, insecureLocal }: Environment): boolean =>
  Object.keys(clusters).length > 0 && !insecureLocal;

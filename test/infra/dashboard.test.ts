import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { emfLine } from '../../lib/adapters/emf-meter.ts';
import { ENDINGS } from '../../lib/core/incident.ts';
import { incidentMeasurements, standingMeasurement } from '../../lib/core/metrics.ts';
import { aService, anEnvironment, resources, templateOf } from './helpers/deployment.ts';

const text = JSON.stringify;

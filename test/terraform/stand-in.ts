// Rewrites Terraform that needs the AWS provider into Terraform that needs none, so that it can be planned offline.

import { type Block, blocksOf, entriesOf } from './hcl.ts';

/** Arguments that belong to Terraform and stay outside a resource's own. */
const metaArguments = ['for_each', 'count', 'depends_on'];

/** Left out: `lifecycle` names attributes that a stand-in lacks, `value_wo` cannot be shown to it. */
const droppedArguments = ['lifecycle', 'value_wo', 'providers', 'required_providers'];

/**
 * Every AWS resource and data source becomes a `terraform_data` with the same arguments as its
 * input; a name that is read of one comes from there, any other attribute becomes its `id`. What is left to Terraform is all
 * that it checks without a schema: references, types of variables, cycles, keys known at plan time.
 */
export function standIn(text: string): string {
  return blocksOf(text)
    .filter((block) => block.kind !== 'provider')
    .map((block) => rewriteReferences(rewriteBlock(block)))
    .join('\n');
}

function rewriteBlock(block: Block): string {
  const entries = entriesOf(block).filter((entry) => !droppedArguments.includes(entry.name));
  const isAws = block.labels[0]?.startsWith('aws_') === true;
  if (!isAws) {
    const labels = block.labels.map((label) => ` "${label}"`).join('');
    const lines = entries.flatMap((entry) => entry.lines);
    return `${block.kind}${labels} {\n${lines.join('\n')}\n}\n`;
  }
  const isMeta = (name: string): boolean => metaArguments.includes(name);
  const name = [...(block.kind === 'data' ? ['data'] : []), ...block.labels].join('_');
  return [
    `resource "terraform_data" "${name}" {`,
    ...entries.filter((entry) => isMeta(entry.name)).flatMap((entry) => entry.lines),
    '  input = {',
    ...entries
      .filter((entry) => !isMeta(entry.name))
      .flatMap((entry) => entry.lines)
      .map((line) => line.replace(/^( {2}\w+) \{$/, '$1 = {')),
    '  }',
    '}\n',
  ].join('\n');
}

function rewriteReferences(text: string): string {
  return text
    .replace(/(?<![-\w])data\.(aws_\w+)\.(\w+)/g, 'terraform_data.data_$1_$2')
    .replace(/(?<![\w"])(aws_\w+)\.(\w+)/g, 'terraform_data.$1_$2')
    .replace(/(terraform_data\.\w+(?:\[[^\]]+\])?)\.name\b/g, '$1.input.name')
    .replace(/(terraform_data\.\w+(?:\[[^\]]+\])?)\.(?!input)\w+/g, '$1.id')
    .replace(/\bit\.(public_ip|primary_endpoint_address)\b/g, 'it.id');
}

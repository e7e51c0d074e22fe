/** Owns `tweestap numbers …`: blocks of numbers that were closed by themselves. */
import { actor, CommandFailure, jsonOption, type Command } from './command.ts';
import { table } from './words.ts';

export const numberCommands: readonly Command[] = [
  {
    name: 'numbers list',
    does: 'Lists blocks of numbers that were closed since hardly anybody there answered.',
    options: jsonOption,
    run: async (call) => {
      const { numberBlocks } = await call.installation();
      const blocks = await numberBlocks.list();
      if (call.flag('json')) {
        call.json(blocks.map((block) => ({ ...block, opened: block.opened ?? null })));
        return;
      }
      if (blocks.length === 0) {
        call.say('None was ever closed.');
        return;
      }
      const rows = blocks.map(({ prefix, closedAt, sent, answered, opened }) => [
        prefix,
        closedAt.toISOString(),
        `${answered} of ${sent}`,
        opened === undefined ? 'closed' : `opened by ${opened.by}`,
      ]);
      call.say(table(['PREFIX', 'CLOSED', 'ANSWERED', 'STATE'], rows));
    },
  },
  {
    name: 'numbers open',
    does: 'Lets texts and calls go to a closed block of numbers again.',
    arguments: [{ name: 'PREFIX' }],
    run: async (call) => {
      const { numberBlocks } = await call.installation();
      const prefix = call.argument('PREFIX');
      if (!(await numberBlocks.open(actor, prefix))) {
        throw new CommandFailure(`${prefix} is not closed.`);
      }
      call.say(`Texts and calls to ${prefix}… go out again.`);
    },
  },
];

type Item = { id: string; round?: string; status: 'assigned' | 'draft' | 'submitted' | 'recused' };
type Group<Line extends Item> = { items: Line[]; open: number; submitted: number; next: string | null };

/**
 * A queue as this device knows it: a page opened without a network does not know what has been acknowledged since, and
 * whoever goes on without one is not sent back to what is scored already.
 * @param acknowledged states the server has acknowledged after the page was kept, by scorecard
 * @param handedIn scorecards whose submission waits on this device
 */
export const queueHere = <Line extends Item, Found extends Group<Line>>(
	group: Found & Group<Line>,
	acknowledged: ReadonlyMap<string, string>,
	handedIn: ReadonlySet<string>
): Found => {
	if (acknowledged.size === 0 && handedIn.size === 0) return group;
	const items = group.items.map((item) => {
		const status = acknowledged.get(item.id);
		return item.status !== 'recused' && (status === 'draft' || status === 'submitted') ? { ...item, status } : item;
	});
	const open = items.filter(({ status }) => status === 'assigned' || status === 'draft');
	const left = open.filter(({ id }) => !handedIn.has(id));
	const first = left.filter(({ round }) => round === left[0]?.round);
	const next = first.find(({ status }) => status === 'draft') ?? first[0];
	return {
		...group,
		items,
		open: open.length,
		submitted: items.filter(({ status }) => status === 'submitted').length,
		next: group.next && (next?.id ?? null)
	};
};

/** `primary`: the one next action; `secondary`: others; `quiet`: beside text; `danger`: cannot be undone. */
export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';
export type ButtonSize = 'md' | 'lg';

const variants: Record<ButtonVariant, string> = {
	primary: 'btn-primary',
	secondary: 'button-secondary',
	quiet: 'btn-ghost',
	danger: 'button-danger'
};

/** The classes shared by buttons and links that look like buttons. */
export function buttonClass(variant: ButtonVariant, size: ButtonSize, wide: boolean, extra = ''): string {
	return ['btn', variants[variant], size === 'lg' ? 'button-large' : '', wide ? 'button-wide' : '', extra]
		.filter(Boolean)
		.join(' ');
}

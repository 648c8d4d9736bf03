import { m } from '#lib/i18n/generated/messages.js';

/** The zone every time is shown in, unless a setting says otherwise. */
const zone = 'Asia/Shanghai';
/** Shanghai keeps one offset all year (no summer time since 1991), so calendar days are plain arithmetic. */
const offsetMs = 8 * 3600_000;
const dayMs = 86_400_000;

type Language = 'zh-CN' | 'en';

// The parts are put together here and not left to Intl's patterns: Node and browsers ship different pattern data, and a
// page must read the same on both.
function parts(instant: Date) {
	const local = new Date(instant.getTime() + offsetMs);
	const two = (value: number) => String(value).padStart(2, '0');
	return {
		year: local.getUTCFullYear(),
		month: local.getUTCMonth() + 1,
		day: local.getUTCDate(),
		clock: `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`,
		dayNumber: Math.floor(local.getTime() / dayMs)
	};
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The date in Shanghai: “2026年3月5日”, “5 Mar 2026”. */
export function formatDate(instant: Date, language: Language): string {
	const { year, month, day } = parts(instant);
	return language === 'en' ? `${day} ${months[month - 1]} ${year}` : `${year}年${month}月${day}日`;
}

/** Date and time in Shanghai: “2026年3月5日 14:00”, “5 Mar 2026, 14:00”. */
export function formatDateTime(instant: Date, language: Language): string {
	const date = formatDate(instant, language);
	return language === 'en' ? `${date}, ${parts(instant).clock}` : `${date} ${parts(instant).clock}`;
}

/** The time of day in Shanghai: “14:00”. */
export function formatClock(instant: Date): string {
	return parts(instant).clock;
}

/** The date as a date field wants it, `2026-03-05`, in Shanghai. */
export function dateFieldValue(instant: Date): string {
	return new Date(instant.getTime() + offsetMs).toISOString().slice(0, 10);
}

/** The date and time as a datetime-local field wants it, `2026-03-05T14:00`, in Shanghai. */
export function dateTimeFieldValue(instant: Date): string {
	return new Date(instant.getTime() + offsetMs).toISOString().slice(0, 16);
}

/**
 * How long ago or until, in the words people use: minutes and hours within a day, calendar days within a month, the
 * date beyond. Calendar days are counted in Shanghai, so “tomorrow” is tomorrow.
 * @param now - the instant to count from; given, never read from the machine, so that server and browser agree
 */
export function formatRelative(instant: Date, now: Date): string {
	const difference = instant.getTime() - now.getTime();
	const minutes = Math.round(Math.abs(difference) / 60_000);
	const past = difference < 0;
	if (minutes < 1) return m.common_time_now();
	if (minutes < 60) return past ? m.common_time_minutes_ago({ n: minutes }) : m.common_time_in_minutes({ n: minutes });
	const days = Math.abs(parts(instant).dayNumber - parts(now).dayNumber);
	if (days === 0 || minutes < 12 * 60) {
		const hours = Math.max(1, Math.round(minutes / 60));
		return past ? m.common_time_hours_ago({ n: hours }) : m.common_time_in_hours({ n: hours });
	}
	if (days === 1) return past ? m.common_time_yesterday() : m.common_time_tomorrow();
	if (days <= 31) return past ? m.common_time_days_ago({ n: days }) : m.common_time_in_days({ n: days });
	const { year, month, day } = parts(instant);
	return m.common_time_date({ year, month, day, month_name: months[month - 1] ?? '' });
}

/**
 * What is left until a deadline: “还剩 3 天”, “还剩 5 小时”, “已截止”. Rounds down, never promising more than there is.
 * @param now - the instant to count from
 */
export function formatRemaining(deadline: Date, now: Date): string {
	const left = deadline.getTime() - now.getTime();
	if (left <= 0) return m.common_time_closed();
	const days = Math.floor(left / dayMs);
	if (days >= 1) return m.common_time_days_left({ n: days });
	const hours = Math.floor(left / 3600_000);
	if (hours >= 1) return m.common_time_hours_left({ n: hours });
	return m.common_time_minutes_left({ n: Math.max(1, Math.floor(left / 60_000)) });
}

/**
 * A number with thousands separators and at most `digits` decimals, trailing zeros dropped.
 * @param digits - how many decimals at most (default 0)
 */
export function formatNumber(value: number, digits = 0): string {
	// Most numbers on a page need nothing of what follows.
	if (Number.isInteger(value) && value >= 0 && value < 1000) return String(value);
	const rounded = Math.abs(value).toFixed(digits);
	const [whole = '0', fraction = ''] = rounded.split('.');
	const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
	const decimals = fraction.replace(/0+$/, '');
	const sign = value < 0 && Number(rounded) !== 0 ? '−' : '';
	return sign + grouped + (decimals ? `.${decimals}` : '');
}

/** A score with exactly two decimals, as rankings print it. */
export function formatScore(value: number): string {
	return value.toFixed(2);
}

/** A share as a percentage, “12.5%”. @param share - 0 to 1 */
export function formatPercent(share: number, digits = 0): string {
	return `${formatNumber(share * 100, digits)}%`;
}

/**
 * Integer fen as yuan: “3,000 元”, “3,000.50 元”, “¥3,000”. Fen are shown only where there are any.
 * @param look - `words` or, for narrow columns, `sign`
 */
export function formatMoney(fen: number, language: Language, look: 'words' | 'sign' = 'words'): string {
	const sign = fen < 0 ? '−' : '';
	const whole = formatNumber(Math.floor(Math.abs(fen) / 100));
	const rest = Math.abs(fen) % 100;
	const yuan = rest === 0 ? whole : `${whole}.${String(rest).padStart(2, '0')}`;
	if (look === 'sign') return `${sign}¥${yuan}`;
	return language === 'en' ? `${sign}${yuan} yuan` : `${sign}${yuan} 元`;
}

/** Fen as the plain text of a money field: `3000`, `3000.50`. */
export function yuanFieldValue(fen: number): string {
	const rest = Math.abs(fen) % 100;
	const whole = String(Math.trunc(fen / 100));
	const signed = fen < 0 && fen > -100 ? `-${whole}` : whole;
	return rest === 0 ? signed : `${signed}.${String(rest).padStart(2, '0')}`;
}

/** A file's size: “820 kB”, “2.4 MB” (1 kB = 1000 bytes). */
export function formatBytes(bytes: number): string {
	if (bytes < 1000) return `${bytes} B`;
	if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
	return `${formatNumber(bytes / 1_000_000, 1)} MB`;
}

export { zone as displayZone };

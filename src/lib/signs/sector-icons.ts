import type { Icon } from '#lib/ui/icon.ts';
import type { Sector } from '#domain/sectors.ts';
import Banknote from '@lucide/svelte/icons/banknote';
import Building2 from '@lucide/svelte/icons/building-2';
import Cog from '@lucide/svelte/icons/cog';
import Dam from '@lucide/svelte/icons/dam';
import Droplets from '@lucide/svelte/icons/droplets';
import Factory from '@lucide/svelte/icons/factory';
import Fish from '@lucide/svelte/icons/fish';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import Fuel from '@lucide/svelte/icons/fuel';
import GlassWater from '@lucide/svelte/icons/glass-water';
import GraduationCap from '@lucide/svelte/icons/graduation-cap';
import Hospital from '@lucide/svelte/icons/hospital';
import House from '@lucide/svelte/icons/house';
import Lamp from '@lucide/svelte/icons/lamp';
import Landmark from '@lucide/svelte/icons/landmark';
import MapIcon from '@lucide/svelte/icons/map';
import Mountain from '@lucide/svelte/icons/mountain';
import Pickaxe from '@lucide/svelte/icons/pickaxe';
import Plane from '@lucide/svelte/icons/plane';
import RadioTower from '@lucide/svelte/icons/radio-tower';
import Road from '@lucide/svelte/icons/road';
import Scale from '@lucide/svelte/icons/scale';
import Ship from '@lucide/svelte/icons/ship';
import Signpost from '@lucide/svelte/icons/signpost';
import Stamp from '@lucide/svelte/icons/stamp';
import SunMedium from '@lucide/svelte/icons/sun-medium';
import TrainFront from '@lucide/svelte/icons/train-front';
import Trees from '@lucide/svelte/icons/trees';
import Truck from '@lucide/svelte/icons/truck';
import UtilityPole from '@lucide/svelte/icons/utility-pole';
import Waves from '@lucide/svelte/icons/waves';
import Waypoints from '@lucide/svelte/icons/waypoints';
import Wheat from '@lucide/svelte/icons/wheat';

/** The one icon of each sector; no two sectors share one. */
export const SECTOR_ICONS: Record<Sector, Icon> = {
	rail: TrainFront,
	hub: Waypoints,
	expressway: Road,
	road: Signpost,
	airport: Plane,
	ict: RadioTower,
	'waterway-port': Ship,
	'water-supply': Droplets,
	reservoir: Dam,
	river: Waves,
	lake: Fish,
	'water-environment': GlassWater,
	ecology: Trees,
	power: UtilityPole,
	'market-platform': Scale,
	'oil-gas': Fuel,
	'coal-logistics': Pickaxe,
	'new-energy': SunMedium,
	municipal: Lamp,
	'public-service': Landmark,
	'industrial-park': Factory,
	'urban-renewal': Building2,
	industry: Cog,
	'tech-innovation': FlaskConical,
	'border-port': Stamp,
	finance: Banknote,
	logistics: Truck,
	agriculture: Wheat,
	village: House,
	'culture-tourism': Mountain,
	health: Hospital,
	education: GraduationCap,
	planning: MapIcon
};

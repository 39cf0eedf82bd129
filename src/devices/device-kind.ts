/** What a device is, as far as a picture can say it. */
export type DeviceKind = 'phone' | 'tablet' | 'computer' | 'program' | 'unknown';

/*
 * guc.h
 *		Settings of dtsen, all declared in guc.c.
 */
#ifndef DTSEN_GUC_H
#define DTSEN_GUC_H

/* dtsen.nik_max_distance: edits that `nik % nik` allows, 0 to 3 */
extern int dtsen_nik_max_distance;

/* dtsen.allow_data_loss: superusers only */
extern bool dtsen_allow_data_loss;

/* dtsen.nama_similarity_threshold: similarity that `nama % nama` asks, 0 to 1 */
extern double dtsen_nama_similarity_threshold;

extern void dtsen_guc_init(void);

#endif /* DTSEN_GUC_H */

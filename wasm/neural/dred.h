#ifndef ANTIPHON_DRED_H
#define ANTIPHON_DRED_H

#include "decoder.h"

/* Gives a new decoder the memory for parsed redundancy; OPUS_OK or an error code. */
int dred_attach(Decoder *decoder);

#endif

#ifndef ANTIPHON_HANDLE_TABLE_H
#define ANTIPHON_HANDLE_TABLE_H

/* Objects leave the module as small integers, never as pointers, so that no number a caller passes can
   make the glue read outside the heap: an unknown, closed or wrong-kind handle looks up as NULL. */

typedef enum { KIND_FREE, KIND_ENCODER, KIND_DECODER, KIND_RESAMPLER, KIND_DENOISER } HandleKind;

enum { HANDLE_CAPACITY = 256 };

/* A handle in 1..HANDLE_CAPACITY for the object, or OPUS_ALLOC_FAIL when the table is full. */
int handle_open(HandleKind kind, void *object);

/* The object of that kind behind the handle, or NULL. */
void *handle_get(int handle, HandleKind kind);

/* Forgets the handle and returns its object for the caller to free, or NULL. */
void *handle_close(int handle, HandleKind kind);

#endif

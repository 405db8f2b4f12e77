#include "handle-table.h"

#include <stddef.h>

#include "opus_defines.h"

static struct {
  HandleKind kind;
  void *object;
} table[HANDLE_CAPACITY];

int handle_open(HandleKind kind, void *object) {
  for (int index = 0; index < HANDLE_CAPACITY; index++) {
    if (table[index].kind == KIND_FREE) {
      table[index].kind = kind;
      table[index].object = object;
      return index + 1;
    }
  }
  return OPUS_ALLOC_FAIL;
}

void *handle_get(int handle, HandleKind kind) {
  unsigned int index = (unsigned int)handle - 1u;
  if (index >= HANDLE_CAPACITY || table[index].kind != kind) return NULL;
  return table[index].object;
}

void *handle_close(int handle, HandleKind kind) {
  void *object = handle_get(handle, kind);
  if (object != NULL) table[handle - 1].kind = KIND_FREE;
  return object;
}

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "CLateLibraries.h"
#include "late.h"

// chafa.h of chafa 1.x.
enum { pixels_rgb8 = 8 };
typedef struct { char *text; size_t length, allocated; } gstring;

static void *(*config_new)(void);
static void (*config_unref)(void *);
static void (*set_geometry)(void *, int, int);
static void (*set_pixel_mode)(void *, int);
static void (*set_canvas_mode)(void *, int);
static void *(*canvas_new)(const void *);
static void (*canvas_unref)(void *);
static void (*draw_all_pixels)(void *, int, const unsigned char *, int, int, int);
static gstring *(*canvas_print)(void *, void *);
static void *(*db_default)(void);
static void *(*db_fallback)(void *);
static void (*info_unref)(void *);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char missing[256] = "not looked for";
static int is_missing = 1;

static void load(void) {
  const struct late_symbol symbols[] = {
    {"chafa_canvas_config_new", (void **)&config_new}, {"chafa_canvas_config_unref", (void **)&config_unref},
    {"chafa_canvas_config_set_geometry", (void **)&set_geometry}, {"chafa_canvas_config_set_pixel_mode", (void **)&set_pixel_mode},
    {"chafa_canvas_config_set_canvas_mode", (void **)&set_canvas_mode}, {"chafa_canvas_new", (void **)&canvas_new},
    {"chafa_canvas_unref", (void **)&canvas_unref}, {"chafa_canvas_draw_all_pixels", (void **)&draw_all_pixels},
    {"chafa_canvas_print", (void **)&canvas_print}, {"chafa_term_db_get_default", (void **)&db_default},
    {"chafa_term_db_get_fallback_info", (void **)&db_fallback}, {"chafa_term_info_unref", (void **)&info_unref},
  };
  const char *const names[] = {"libchafa.so.0", 0};
  if (!late_open(names, symbols, sizeof symbols / sizeof *symbols, "chafa 1.6 or newer", missing, sizeof missing)) return;
  is_missing = 0;
}

const char *fx_chafa_missing(void) {
  pthread_once(&once, load);
  return is_missing ? missing : 0;
}

char *fx_chafa_draw(const unsigned char *rgb, int width, int height, int columns, int rows, int pixel_mode, int colour_mode) {
  if (fx_chafa_missing()) return 0;
  void *config = config_new();
  set_geometry(config, columns, rows);
  set_pixel_mode(config, pixel_mode);
  set_canvas_mode(config, colour_mode);
  void *canvas = canvas_new(config);
  draw_all_pixels(canvas, pixels_rgb8, rgb, width, height, 3 * width);
  void *info = db_fallback(db_default());
  gstring *printed = canvas_print(canvas, info);
  // The few bytes of the GString itself stay: freeing them would need GLib by name too.
  char *text = printed ? strndup(printed->text, printed->length) : 0;
  info_unref(info);
  canvas_unref(canvas);
  config_unref(config);
  return text;
}
